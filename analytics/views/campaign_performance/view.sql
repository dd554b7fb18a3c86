-- Grain: one row per campaign, over the whole log. Inputs: campaign_performance_between.
create view campaign_performance as
select * from campaign_performance_between(null, null)
