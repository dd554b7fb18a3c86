-- Grain: one file of messages that was counted, and the name of the statements that counted.
-- Inputs: the parameters files and meaning.
create table internal.move_files as
select unnest($files::varchar[]) as path, $meaning as counted_by
