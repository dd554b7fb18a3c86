-- One row per dead letter, the latest first. A content type is a stranger's text: only the usual
-- ones are told by name, without their parameters. Bodies, addresses and identities stay out.
select
    seq,
    ingested_at,
    list_transform(
        from_json(reasons, '[{"field": "VARCHAR", "expected": "VARCHAR"}]'), lambda each: each.field
    ) as fields,
    case lower(trim(split_part(content_type, ';', 1)))
        when '' then 'none'
        when 'application/x-www-form-urlencoded' then 'form'
        when 'multipart/form-data' then 'multipart form'
        when 'application/json' then 'JSON'
        when 'text/plain' then 'plain text'
        when 'application/xml' then 'XML'
        when 'text/xml' then 'XML'
        else 'another'
    end as content_type,
    coalesce(octet_length(raw), 0)::bigint as bytes,
    event_id in (select event_id from events where source = 'redrive') as decoded_since
from dead_letters
order by ingested_at desc, seq desc
limit $rows
