-- The nodes that wrote the files which may hold new events.
select distinct node from log_files order by node
