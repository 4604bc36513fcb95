-- Purpose: keeps a recount right while the page changes. Included by every script that changes records; recount.lua
-- explains. The field `counting` of a page's hash is there only while a recount is under way: `first next sum0 … sum7`.
-- Every record of the original buckets first … next-1 is in the sums.

local function parse_counting(text)
  if not text then return false end
  local numbers = {}
  for number in string.gmatch(text, '%S+') do numbers[#numbers + 1] = tonumber(number) end
  local counting = { first = numbers[1], next = numbers[2], sums = {} }
  for reaction = 0, 7 do counting.sums[reaction] = numbers[3 + reaction] end
  return counting
end

-- Whether the recount has counted this bucket already: then changes to it must reach the sums too.
local function is_counted(counting, bucket)
  while bucket >= 2 * counting.first do bucket = math.floor(bucket / 2) end
  return bucket < counting.next
end

local function format_counting(counting)
  return table.concat({ counting.first, counting.next, counting.sums[0], unpack(counting.sums) }, ' ')
end
