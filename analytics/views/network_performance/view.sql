-- Grain: one row per network, over the whole log. Inputs: network_performance_between.
create view network_performance as
select * from network_performance_between(null, null)
