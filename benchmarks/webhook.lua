-- For wrk: every request a delivery receipt of another message, as an HTTP library sends it.
-- Prints one line of JSON at the end: counts, microseconds.

local count = 0

local head = "uuid="
local tail = "&status=delivered&sent_at=2026-11-02+08%3A15%3A00&delivered_at=2026-11-02+08%3A15%3A04"
  .. "&receiver%5Bnumber%5D=%2B40700123456&receiver%5Bmcc%5D=226&receiver%5Bmnc%5D=01"

local run = 0

function init(args)
  run = tonumber(args[1])
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  count = count + 1
  local uuid = string.format("%08x-0000-4000-a000-%012x", run, count)
  return wrk.format(nil, nil, nil, head .. uuid .. tail)
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format(
    'JSON {"answers": %d, "duration_us": %d, "refused": %d, "failed": %d, "p50_us": %d, "p99_us": %d}',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)
  ))
end
