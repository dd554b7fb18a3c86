-- The files that may hold a touched message. The one search through all of them: it reads eight bytes
-- of every message and nothing else. Grain: one file. Inputs: stored (every file), touched.
select distinct filename from stored semi join touched using (state_key)
