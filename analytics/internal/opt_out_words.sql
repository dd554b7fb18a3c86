-- Grain: one opt-out word, spelt as bodies are compared. Inputs: the definitions.
create table internal.opt_out_words as
select distinct internal.normal_text(word) as word
from (select unnest($words::varchar[]) as word)
