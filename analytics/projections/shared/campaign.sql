-- The campaign that the tags of a webhook name, or null. Most tags are empty: look before parsing.
create or replace macro campaign_of(tags) as
    case when tags <> '{}' then nullif(json_extract_string(tags, '$.campaign'), '') end
