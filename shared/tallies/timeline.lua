-- Purpose: keeps the timeline of a page, or of a site: by how much each reaction's total changed, by minute and by hour.
-- Included by every script that moves totals; the sum of all changes ever is the totals.
--
-- t:<hour> holds the minutes of an hour, field (minute of the hour) * 8 + reaction, for 48 hours. h:<month> holds the hours
-- of 30 days, field (hour of the month) * 8 + reaction, for 400 days. Hours, minutes and months are counted from 1970.
--
-- The newest minute stands in the field `recent` of the hash with the totals, which is read and written anyway: a page under
-- load pays no command for its timeline. A later minute moves it to its hour; a later hour sums the newest hour, named there
-- too, up into its month. So nobody has to go through all pages to roll them up. Until then an hour lives as long as a month.

local MINUTES_KEPT_S, HOURS_KEPT_S = 172800, 34560000
local HOURS_A_MONTH = 720
local MINUTE_MS = 60000

local function redis_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Adds to the fields of one step; `place`: the step's number in its hash, times 8.
local function add_changes(key, place, moved)
  for reaction = 0, 7 do
    if moved[reaction] ~= 0 then redis.call('HINCRBY', key, place + reaction, moved[reaction]) end
  end
end

local function add_to_month(tag, hour, moved)
  local month = math.floor(hour / HOURS_A_MONTH)
  local key = tag .. 'h:' .. month
  add_changes(key, (hour - month * HOURS_A_MONTH) * 8, moved)
  redis.call('EXPIREAT', key, (month + 1) * HOURS_A_MONTH * 3600 + HOURS_KEPT_S)
end

-- Sums an hour's minutes up; they stay for as long as minutes do.
local function close_hour(tag, hour)
  local key, sums = tag .. 't:' .. hour, { [0] = 0, 0, 0, 0, 0, 0, 0, 0 }
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local reaction = fields[i] % 8
    sums[reaction] = sums[reaction] + fields[i + 1]
  end
  add_to_month(tag, hour, sums)
  redis.call('EXPIREAT', key, (hour + 1) * 3600 + MINUTES_KEPT_S)
end

local function parse_recent(text)
  if not text then return { hour = 0 } end
  local sums, hour, minute = {}, nil, nil
  hour, minute, sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7] =
    struct.unpack('>I4I4i4i4i4i4i4i4i4i4', text)
  return { hour = hour, minute = minute, sums = sums }
end

local function format_recent(recent)
  local sums = recent.sums
  return struct.pack('>I4I4i4i4i4i4i4i4i4i4', recent.hour, recent.minute, sums[0], sums[1], sums[2], sums[3], sums[4],
    sums[5], sums[6], sums[7])
end

-- Writes a minute to its hour, and when that is not the newest one, to its month too. A change from before what is kept is in
-- the totals alone.
local function write_minute(recent, tag, minute, moved)
  local hour = math.floor(minute / 60)
  local key, place = tag .. 't:' .. hour, (minute - hour * 60) * 8
  if hour == recent.hour then return add_changes(key, place, moved) end
  local age_s = redis_ms() / 1000 - minute * 60
  if age_s >= HOURS_KEPT_S then return end
  if hour > recent.hour then
    if recent.hour > 0 then close_hour(tag, recent.hour) end
    recent.hour = hour
    add_changes(key, place, moved)
    redis.call('EXPIREAT', key, (hour + 1) * 3600 + HOURS_KEPT_S)
    return
  end
  add_to_month(tag, hour, moved)
  if age_s < MINUTES_KEPT_S then
    add_changes(key, place, moved)
    redis.call('EXPIREAT', key, (hour + 1) * 3600 + MINUTES_KEPT_S)
  end
end

-- Adds a change. `recent`: as parse_recent gives it; the caller writes it back. `tag`: what the keys begin with. `minute`: of
-- the change; `moved[0]` … `moved[7]`: by how much. Returns the minute at which it stands: a later one than now stands now.
-- Cost: nothing while the minute lasts; then an increment for each reaction that changed, and once an hour some more.
local function note_change(recent, tag, minute, moved)
  local sums = recent.sums
  if minute == recent.minute then
    for r = 0, 7 do sums[r] = sums[r] + moved[r] end
    return minute
  end
  if sums and minute < recent.minute then
    write_minute(recent, tag, minute, moved)
    return minute
  end
  local now = math.floor(redis_ms() / MINUTE_MS)
  if minute > now then return note_change(recent, tag, math.max(now, recent.minute or 0), moved) end
  if sums then write_minute(recent, tag, recent.minute, sums) end
  recent.minute = minute
  recent.sums = { [0] = moved[0], moved[1], moved[2], moved[3], moved[4], moved[5], moved[6], moved[7] }
  return minute
end

-- The same for what happens now, for scripts that do not have `recent` of the hash `head` at hand; adds to `reply` the minute
-- and the net change of reaction 0, … 7.
local function note_now(head, tag, moved, reply)
  local recent = parse_recent(redis.call('HGET', head, 'recent'))
  reply[#reply + 1] = note_change(recent, tag, math.floor(redis_ms() / MINUTE_MS), moved)
  redis.call('HSET', head, 'recent', format_recent(recent))
  for reaction = 0, 7 do reply[#reply + 1] = moved[reaction] end
end
