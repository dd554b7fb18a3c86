-- For wrk: every request a delivery receipt of another message, to another number, sent at one of
-- 900 seconds, as an HTTP library sends it. Prints one line of JSON at the end: counts, microseconds.

local count = 0

local body = "uuid=%08x-0000-4000-a000-%012x&status=delivered"
  .. "&sent_at=2026-11-02+08%%3A%02d%%3A%02d&delivered_at=2026-11-02+08%%3A%02d%%3A%02d"
  .. "&receiver%%5Bnumber%%5D=%%2B407%08d&receiver%%5Bmcc%%5D=226&receiver%%5Bmnc%%5D=01"

local run = 0

function init(args)
  run = tonumber(args[1])
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  count = count + 1
  local sent = count * 7 % 900
  local delivered = sent + 4
  return wrk.format(nil, nil, nil, string.format(
    body, run, count, sent / 60, sent % 60, delivered / 60, delivered % 60, count * 7919 % 100000000
  ))
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
