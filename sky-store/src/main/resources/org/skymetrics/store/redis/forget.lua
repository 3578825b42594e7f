-- Forgets a member whose lease is still what it was. KEYS: members. ARGV: name, lease.
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then
  return redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
