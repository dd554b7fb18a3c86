-- Grain: one alert. Inputs: internal.alerts_file, the alerts' own file, which is one object.
create view alerts_all as
select unnest(alerts, recursive := true)
from alerts_file
