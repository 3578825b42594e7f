-- Where names are: 0 absent, 1 in the mailbox, 2 in the done-list.
-- KEYS: mailbox, done-list. ARGV: names.
local states = {}
for i = 1, #ARGV do
  if redis.call('SISMEMBER', KEYS[2], ARGV[i]) == 1 then
    states[i] = 2
  else
    states[i] = redis.call('HEXISTS', KEYS[1], ARGV[i])
  end
end
return states
