-- Purpose: reads totals and the changes that led to them, of a page or a site, as of one moment.
-- KEYS[1]: the hash with the totals; the timeline shares its hash tag.
-- ARGV[1]: "t": by minute; "h": by hour. ARGV[2]: the first hour (of "h": month) to read; everything from there on is read.
-- Returns: { Redis time in ms, state of the page or "", { total of reaction 0, … 7 }, the newest hour or 0, its fields and
--   values, the newest minute or 0, { its change of reaction 0, … 7 }, number of an hour (month), its fields and values, the
--   next number, its fields and values, … }; hours without a change are left out, and of "t" the newest one.
-- Cost: one read an hour (month), of at most 480 (5,760) fields: some 30 µs for each that is full.

-- include: timeline.lua

local call = redis.call
local tag = string.match(KEYS[1], '^{[^}]*}:')
local kind, first = ARGV[1], tonumber(ARGV[2])
local now = redis_ms()
local hour = math.floor(now / MINUTE_MS / 60)
local last = kind == 't' and hour or math.floor(hour / HOURS_A_MONTH)
local totals = call('HMGET', KEYS[1], '0', '1', '2', '3', '4', '5', '6', '7')
for reaction = 1, 8 do totals[reaction] = tonumber(totals[reaction] or 0) end
local head = call('HMGET', KEYS[1], 'state', 'recent')
local recent = parse_recent(head[2])
local newest = recent.hour == 0 and {} or call('HGETALL', tag .. 't:' .. recent.hour)
local sums = recent.sums and { recent.sums[0], unpack(recent.sums) } or {}
local reply = { now, head[1] or '', totals, recent.hour, newest, recent.minute or 0, sums }
for number = first, last do
  local read_already = kind == 't' and number == recent.hour
  local changes = read_already and {} or call('HGETALL', tag .. kind .. ':' .. number)
  if #changes > 0 then
    reply[#reply + 1] = number
    reply[#reply + 1] = changes
  end
end
return reply
