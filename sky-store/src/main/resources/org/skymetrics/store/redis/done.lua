-- Moves names from the mailbox to the done-list.
-- KEYS: mailbox, done-list, waiting. ARGV: period, ttl of the done-list, names.
local CHUNK = 1000

local types = {'hash', 'set', 'zset'}
for i = 1, 3 do
  local found = redis.call('TYPE', KEYS[i])['ok']
  if found ~= 'none' and found ~= types[i] then
    return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' is a ' .. found .. ', not a ' .. types[i])
  end
end
for from = 3, #ARGV, CHUNK do
  local to = math.min(from + CHUNK - 1, #ARGV)
  redis.call('HDEL', KEYS[1], unpack(ARGV, from, to))
  redis.call('SADD', KEYS[2], unpack(ARGV, from, to))
end
redis.call('EXPIRE', KEYS[2], ARGV[2])
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('ZREM', KEYS[3], ARGV[1])
end
return #ARGV - 2
