-- What `rest` is when everything is made from zero: nothing. Grain: one conversation. Inputs: made.
create or replace view rest as
from made where false
