curl --request POST "https://your-server.com/webhooks/smso" \
  -d "uuid=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee" \
  -d "status=sent" \
  -d "sent_at=2019-05-01 12:30:09" \
  -d "delivered_at=2019-05-01 12:20:09" \
  -d "receiver['number']=+40722334455" \
  -d "receiver['mcc']=226" \
  -d "receiver['mnc']=03"
