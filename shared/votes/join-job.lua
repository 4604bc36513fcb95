-- Adds votes to a job that no worker has taken yet: to its log, a list that BullMQ removes together with the job.
-- KEYS[1] the job, a hash of BullMQ's; its log shares its hash tag
-- ARGV[1] the votes
-- Returns 1 when they are in it, 0 when the job has been taken or is gone.

local there, taken = unpack(redis.call('HMGET', KEYS[1], 'timestamp', 'processedOn'))
-- BullMQ writes `processedOn` in the step that hands a job to a worker, and leaves it when the job is sent back.
if not there or taken then return 0 end

local joined = redis.call('RPUSH', KEYS[1] .. ':logs', ARGV[1])
-- Told to the worker with the job, so that it need not look for a log that is not there.
if joined == 1 then redis.call('HSET', KEYS[1], 'progress', 1) end
return 1
