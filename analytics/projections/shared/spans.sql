-- When the messages were sent that the row groups of the log speak of, in days since 1970; null in
-- one without any status event, or when the file does not say. Grain: one row group. Inputs: the
-- parameter files.
select
    file_name,
    row_group_num_rows,
    stats_null_count = row_group_num_rows,
    epoch_us(stats_min_value::timestamptz) // 86400000000,
    epoch_us(stats_max_value::timestamptz) // 86400000000
from parquet_metadata($files)
where path_in_schema = 'sent_at'
