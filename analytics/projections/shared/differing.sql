-- Count the rows that are in only one of two states of a projection.
-- Grain: one row in all. Inputs: published, rebuilt.
select
    (select count(*) from (from published except all from rebuilt)) as only_published,
    (select count(*) from (from rebuilt except all from published)) as only_rebuilt
