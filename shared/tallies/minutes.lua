-- Purpose: tells what moved in which minute, for the timeline. Included after timeline.lua by tally.lua.

-- Net change of reaction 0 … 7 by number of the minute; false while all votes share one. And what `moved` held of minutes that ended.
local minute, minutes, set_apart = false, false, false

-- `shared`: the number of the minute (since 1970) that all votes share, nil when they do not share one.
local function open_minutes(shared)
  minute = shared
  if minute then return end
  minutes, set_apart = {}, { [0] = 0, 0, 0, 0, 0, 0, 0, 0 }
end

-- What has moved since the last minute ended moved in this one.
local function end_minute(moved)
  local sums = minutes[minute] or { [0] = 0, 0, 0, 0, 0, 0, 0, 0 }
  minutes[minute] = sums
  for r = 0, 7 do
    sums[r] = sums[r] + moved[r] - set_apart[r]
    set_apart[r] = moved[r]
  end
end

-- The next vote is stamped `at`.
local function turn_to(at, moved)
  local turned = math.floor(at / MINUTE_MS)
  if turned == minute then return end
  if minute then end_minute(moved) end
  minute = turned
end
