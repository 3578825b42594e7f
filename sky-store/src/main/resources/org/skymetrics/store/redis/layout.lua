-- Writes the layout where there is none, and gives the one that there is.
-- KEYS: layout. ARGV: period in ms, shards, version of the layout of keys.
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'period', ARGV[1], 'shards', ARGV[2], 'store', ARGV[3])
end
return redis.call('HMGET', KEYS[1], 'period', 'shards', 'store')
