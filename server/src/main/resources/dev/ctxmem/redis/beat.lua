-- An instance says that it lives, and hears how many do. With `reset`, what Redis has counted before is not believed any
-- more: meanwhile the instances have counted for themselves.
-- KEYS: instances, epoch. ARGV: the instance, microseconds after which one counts as gone, reset (1 or 0).
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if ARGV[3] == '1' then
    redis.call('SET', KEYS[2], string.format('%.0f', now))
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[2]) / 1000))
return {redis.call('ZCARD', KEYS[1])}
