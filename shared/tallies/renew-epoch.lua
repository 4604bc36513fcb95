-- Purpose: gives one page a new epoch, after Redis has lost changes that viewers were told of (a replica took over that did
--   not have them, or a backup was put back). Revisions count on from where Redis stands, so they would come again with other
--   counts, and viewers would take the true ones for old. May be repeated, by any number of processes: one of them does it.
-- KEYS[1]: the page's hash. ARGV[1], ARGV[2]: the epoch and the revision that viewers were told.
-- ARGV[3]: the new epoch. ARGV[4]: the page's id if its keys hold a digest, else "".
-- Returns: 1 if the page has a new epoch now. Nothing happens when it has another already, or when it is newer than what
--   viewers were told, for then they believe what it says.
-- Cost: one read and one write.

local page = KEYS[1]
local call = redis.call

local held = call('HMGET', page, 'epoch', 'rev', 'state', '0', '1', '2', '3', '4', '5', '6', '7')
local rev = tonumber(held[2] or 0)
if held[1] and (held[1] ~= ARGV[1] or rev > tonumber(ARGV[2])) then return 0 end

call('HSET', page, 'epoch', ARGV[3])
if not held[1] then
  call('HSET', page, 'unlisted', 1)
  if ARGV[4] ~= '' then call('HSET', page, 'id', ARGV[4]) end
end
local totals = {}
for i = 1, 8 do totals[i] = held[3 + i] or 0 end
call('SPUBLISH', string.sub(page, 1, -5) .. 'counts',
  table.concat({ ARGV[3], rev, held[3] or 'open', unpack(totals) }, ' '))
return 1
