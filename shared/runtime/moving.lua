-- A guard in front of every script, run before anything is read or written. While a Cluster moves a slot, some of its keys
-- are here and some are there, and a script sees those that are there as missing: it would take voters for new, begin a second log
-- of a job, or break off half-way. Redis refuses a script's access to a missing key on the side that gives a slot away, and to several
-- missing keys on the side that takes it; so asking for two keys that are never there fails exactly while the slot is on the
-- move. The caller tries again (moving.ts). Without a Cluster it costs a third of a microsecond.
redis.call('EXISTS', KEYS[1] .. ':moving', KEYS[1] .. ':moving-')

