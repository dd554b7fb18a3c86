curl --request POST "https://your-server.com/webhooks/smso" \
  -d "body=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee" \
  -d "replied_to=sent" \
  -d "received_at=2019-05-01 12:30:09" \
  -d "sender['number']=+40722334455" \
  -d "sender['mcc']=226" \
  -d "sender['mnc']=03"
