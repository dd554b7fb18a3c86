-- What the questions are served by: the days, each network's days with all that is counted.
CREATE INDEX ON messages (sent_at) INCLUDE (mcc, mnc, final_status, delivered_at);
CREATE INDEX ON messages (mcc, mnc, sent_at);
VACUUM ANALYZE messages;
