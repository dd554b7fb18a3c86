-- The files of messages that the last catalogue, attached as `before`, has counted by the same
-- statements. Inputs: the parameter meaning.
select path from before.internal.move_files where counted_by = $meaning
