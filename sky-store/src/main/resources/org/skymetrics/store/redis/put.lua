-- Puts a batch, unless its name is known. All is checked before the first write; from then on nothing
-- can fail halfway: the first write is refused by a full, read-only or broken Redis, or none is.
--
-- KEYS: mailbox, done-list, sums, gauges, seen, waiting: all of one shard.
-- ARGV: name, batch, period, ttl of sums, when the series were seen, series not seen since are forgotten,
--       number of counters, of gauges, of other series; (key, increment) of each counter, (key, rank and
--       cell) of each gauge, (kind and key) of each other series.
-- Reply: 1 taken or 0 known, increments refused, gauges that came late.
local RANK = 32
local HEAD = 9
local CHUNK = 1000

local wanted = {'hash', 'set', 'hash', 'hash', 'zset', 'zset'}
local types = {}
for i = 1, 6 do
  types[i] = redis.call('TYPE', KEYS[i])['ok']
  if types[i] ~= 'none' and types[i] ~= wanted[i] then
    return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' is a ' .. types[i] .. ', not a ' .. wanted[i])
  end
end
local period = tonumber(ARGV[3])
local ttl = tonumber(ARGV[4])
local time = tonumber(ARGV[5])
local forget = tonumber(ARGV[6])
local counters = tonumber(ARGV[7])
local gauges = tonumber(ARGV[8])
local others = tonumber(ARGV[9])
if not (period and ttl and time and forget and counters and gauges and others)
    or #ARGV ~= HEAD + 2 * counters + 2 * gauges + others then
  return redis.error_reply('ERR the arguments of a put do not fit together')
end
local firstGauge = HEAD + 1 + 2 * counters
local firstOther = firstGauge + 2 * gauges
for i = firstGauge + 1, firstOther - 1, 2 do
  if #ARGV[i] <= RANK then
    return redis.error_reply('ERR a gauge of a put is too short')
  end
end

if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1
    or redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then
  return {0, 0, 0}
end

redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[6], ARGV[3], ARGV[3])

local seen = {}
local function flush()
  if #seen > 0 then
    redis.call('ZADD', KEYS[5], 'GT', unpack(seen))
    seen = {}
  end
end
local function see(member)
  seen[#seen + 1] = ARGV[5]
  seen[#seen + 1] = member
  if #seen >= CHUNK then
    flush()
  end
end

-- Where there are no sums yet the increments are the sums: set a thousand at a time they cost a third less.
local refused = 0
if types[3] == 'none' then
  for i = HEAD + 1, firstGauge - 1, CHUNK do
    redis.call('HSET', KEYS[3], unpack(ARGV, i, math.min(i + CHUNK, firstGauge) - 1))
  end
else
  for i = HEAD + 1, firstGauge - 1, 2 do
    local sum = redis.pcall('HINCRBY', KEYS[3], ARGV[i], ARGV[i + 1])
    if type(sum) == 'table' and sum['err'] then
      refused = refused + 1
    end
  end
end
for i = HEAD + 1, firstGauge - 1, 2 do
  see('1' .. ARGV[i])
end
if counters > 0 then
  redis.call('EXPIRE', KEYS[3], ARGV[4])
end

-- Bytes are compared one by one: Lua's < on strings follows the locale.
local function later(a, b)
  for i = 1, RANK do
    local x, y = a:byte(i), b:byte(i)
    if x ~= y then
      return x > y
    end
  end
  return false
end
local late = 0
for i = firstGauge, firstOther - 1, 2 do
  local present = redis.call('HGET', KEYS[4], ARGV[i])
  if not present or #present <= RANK or later(ARGV[i + 1], present) then
    redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 1])
  else
    late = late + 1
  end
  see('2' .. ARGV[i])
end
for i = firstOther, #ARGV do
  see(ARGV[i])
end
flush()

local old = redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', '(' .. ARGV[6], 'LIMIT', 0, CHUNK)
for i = 1, #old do
  redis.call('ZREM', KEYS[5], old[i])
  if old[i]:sub(1, 1) == '2' then
    redis.call('HDEL', KEYS[4], old[i]:sub(2))
  end
end
return {1, refused, late}
