-- Takes or renews the lease on a member's name. KEYS: members. ARGV: name, state, holder, lease in
-- ms, UDP port, admin port, host. Reply: nothing where it was taken; where another holds the name,
-- or the same at another address: the time in ms, and its lease.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local present = redis.call('HGET', KEYS[1], ARGV[1])
local who = ARGV[3] .. ' ' .. ARGV[5] .. ' ' .. ARGV[6] .. ' ' .. ARGV[7]
if present then
  local state, renewed, length, holder = string.match(present, '^(%a+) (%d+) (%d+) (%S+ %d+ %d+ .+)$')
  -- A time ahead of now is of a clock that was set back: it says no more than one long past.
  if state and state ~= 'left' and holder ~= who
      and math.abs(now - renewed) < tonumber(length) then
    return {string.format('%.0f', now), present}
  end
end
redis.call('HSET', KEYS[1], ARGV[1],
    ARGV[2] .. ' ' .. string.format('%.0f', now) .. ' ' .. ARGV[4] .. ' ' .. who)
return {}
