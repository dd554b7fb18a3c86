-- Write the partitions as they become, one folder for each day on which conversations began; return
-- what was written, one row a file. Grain: one conversation. Inputs: made, before (the partitions as
-- they are), replaced.
copy (
    from made
    union all by name
    from before anti join replaced using (conversation_id)
)
to $folder
(format parquet, compression zstd, partition_by (started_day), return_stats)
