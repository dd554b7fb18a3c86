-- A small catalogue: the shapes of the public views, and rows that are awkward to export.
set timezone = 'UTC';

create view delivery_daily as
from (values
    (date '2026-11-02', '226', '03', 'Telekom', 4::bigint, 1.0::double),
    (date '2026-11-02', '226', '01', 'Vodafone', 0, null),
    (date '2026-11-01', '226', '03', 'Telekom', 2, 0.5)
) as rows (date, mcc, mnc, network, messages, delivery_rate);

create view replies as
select
    'r' || n as reply_id, '+40722334455' as number, body, received_at::timestamptz as received_at,
    received_date
from (values
    (1, E'=HYPERLINK("http://a.example";"ștergeți, \r\n😀")', '2026-11-01 21:59:59+00', date '2026-11-01'),
    (2, E'=HYPERLINK("http://a.example";"ștergeți, \r\n😀")', '2026-11-01 22:00:00+00', date '2026-11-02'),
    (3, '', '2026-11-02 21:59:59.5+00', date '2026-11-02')
) as rows (n, body, received_at, received_date);

create view messages as
select
    '0b0e7d3c-6a1f-4d35-8d8f-2f5a3a4b5c6d' as message_id, '+40722334455' as number,
    date '2026-11-01' as sent_date, timestamptz '2026-11-01 12:00:00+00' as sent_at;

create view events as
select
    1::bigint as seq, 'n1' as node, timestamptz '2026-11-01 12:00:00+00' as ingested_at,
    date '2026-11-01' as ingested_date, '0b0e7d3c-6a1f-4d35-8d8f-2f5a3a4b5c6d' as message_id,
    '+40722334455' as number, 'ștergeți' as body, '\x75\x75\x69\x64\x3D\xFF'::blob as raw,
    'd' as digest;

create view networks as
select '226' as mcc, lpad(n::varchar, 2, '0') as mnc, true as known from range(50) as t (n)
order by random();

create macro network_performance_between(from_date, to_date) as table
select mcc, mnc, network, sum(messages)::bigint as messages
from delivery_daily
where date >= coalesce(from_date, date) and date <= coalesce(to_date, date)
group by all;

create view network_performance as from network_performance_between(null, null);
