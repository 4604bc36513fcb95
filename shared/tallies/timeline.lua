-- Purpose: keeps the timeline of a page, or of a site: by how much each reaction's total changed, by minute and by hour.
-- Included by every script that moves totals; the sum of all changes ever is the totals.
--
-- t:<hour> holds the minutes of an hour, field (minute of the hour) * 8 + reaction, for 48 hours. h:<month> holds the hours
-- of 30 days, field (hour of the month) * 8 + reaction, for 400 days. Hours, minutes and months are counted from 1970. Both
-- are written at once, so that nothing has to be rolled up later, and nobody has to know which pages that would be.

local MINUTES_KEPT, HOURS_KEPT = 2880, 576000 -- minutes
local HOURS_A_MONTH = 720
local MINUTE_MS = 60000

local function redis_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Adds a change. `tag`: what the keys begin with. `minute`: of the change, `now`: of Redis. `moved[0]` … `moved[7]`: by how
-- much. `lasting`: an hour whose keys are known to expire already, or nil. A change from before what is kept is in the totals
-- alone. Returns the hour when its keys expire from now on, else nil. Cost: two increments for each reaction that changed, and once an hour two more commands.
local function note_change(tag, minute, moved, now, lasting)
  local age = now - minute
  if age >= HOURS_KEPT then return end
  local hour = math.floor(minute / 60)
  local month = math.floor(hour / HOURS_A_MONTH)
  local minutes, hours = tag .. 't:' .. hour, tag .. 'h:' .. month
  local place, place_hour = (minute - hour * 60) * 8, (hour - month * HOURS_A_MONTH) * 8
  local written = false
  for reaction = 0, 7 do
    local change = moved[reaction]
    if change ~= 0 then
      written = true
      if age < MINUTES_KEPT then redis.call('HINCRBY', minutes, place + reaction, change) end
      redis.call('HINCRBY', hours, place_hour + reaction, change)
    end
  end
  if not written or lasting == hour then return end
  if age < MINUTES_KEPT then redis.call('EXPIREAT', minutes, (hour + 1) * 3600 + MINUTES_KEPT * 60) end
  redis.call('EXPIREAT', hours, (month + 1) * HOURS_A_MONTH * 3600 + HOURS_KEPT * 60)
  return hour
end
