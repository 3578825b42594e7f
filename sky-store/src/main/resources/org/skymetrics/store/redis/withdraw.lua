-- A member has left for good. KEYS: members. ARGV: name, holder.
local present = redis.call('HGET', KEYS[1], ARGV[1])
if not present then
  return 0
end
local length, holder, place = string.match(present, '^%a+ %d+ (%d+) (%S+) (.*)$')
if holder ~= ARGV[2] then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1],
    'left ' .. string.format('%.0f', now) .. ' ' .. length .. ' ' .. holder .. ' ' .. place)
return 1
