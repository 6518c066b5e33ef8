-- Takes one request from a bucket: the generic cell rate algorithm, with the time of Redis alone. The value of a bucket is
-- the time at which it will be full again, in microseconds; it expires then. The epoch is when Redis began to count, or
-- began again: no bucket may hold more than half a second's worth of what was counted elsewhere until then.
-- KEYS: bucket, epoch. ARGV: requests a minute. Returns allowed, remaining, microseconds to the next, and to a full bucket.
local minute = 60000000
local first = 500000
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local step = minute / tonumber(ARGV[1])

local epoch = tonumber(redis.call('GET', KEYS[2]))
if not epoch or epoch > now then
    epoch = now
    redis.call('SET', KEYS[2], string.format('%.0f', now))
end

local full = tonumber(redis.call('GET', KEYS[1])) or now
local earliest = epoch + minute - math.max(first, step)
-- A clock that was set back must not lock a caller out for longer than a minute.
full = math.min(math.max(full, now, earliest), now + minute)
if full + step - minute > now then
    return {0, 0, math.ceil(full + step - minute - now), math.ceil(full - now)}
end
full = full + step
redis.call('SET', KEYS[1], string.format('%.0f', math.ceil(full)), 'PX', math.ceil((full - now) / 1000) + 1000)
return {1, math.floor((minute - (full - now)) / step), math.max(0, math.ceil(full + step - minute - now)), math.ceil(full - now)}
