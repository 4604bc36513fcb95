-- Purpose: prepares a page for the records of an import, and gives it its base count and its state.
--
-- An import brings a page's records in the order of their pseudonyms. Without room made before, all of them would fall
-- into the same few buckets until the page has grown, and those would swell far past what Redis keeps packed.
-- KEYS[1]: the page's hash. The page's buckets and its channel share its hash tag.
-- ARGV[1]: how many buckets there should be. ARGV[2]: how many may be split in this call.
-- ARGV[3]: an epoch to take if the page is new. ARGV[4]: the page's id if its keys hold a digest, else "".
-- ARGV[5], ARGV[6]: the fields `frozen` and `hidden` as set-state.lua writes them, "" without: of two states the one that
--   was ordered later holds.
-- ARGV[7]: since when the page is closed (set-state.lua), ""; or "remove": the base count goes, even of a closed page.
--   What an import says of the base count and the state of a page that is closed here, or closed there and has records here,
--   is passed over: a base count that holds what records did must not meet those records.
-- ARGV[8] … ARGV[15]: base count of reaction 0 … 7, none below zero; without them the page keeps the one it has.
-- Returns: { number of buckets now, 1 while the page is missing from the list of known pages; and when totals changed the
--   minute in which they did, and the net change of reaction 0, … 7 }.
-- Cost: 3 µs for a bucket that is empty, 20 µs for a full one.

-- include: buckets.lua
-- include: split.lua
-- include: timeline.lua

local call = redis.call
local page = KEYS[1]
local tag = string.sub(page, 1, -5)
local held = call('HMGET', page, 'epoch', 'rev', 'state', 'records', 'buckets', 'frozen', 'hidden', 'unlisted',
  'closed')
local epoch, rev, state = held[1] or ARGV[3], tonumber(held[2] or 0), held[3] or 'open'
local records, count, wanted = tonumber(held[4] or 0), tonumber(held[5] or 1), tonumber(ARGV[1])
local fields, changed = {}, false
local function set(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
if not held[1] then
  set('epoch', epoch)
  set('unlisted', 1)
  if ARGV[4] ~= '' then set('id', ARGV[4]) end
end

local passes_over = ARGV[7] ~= 'remove' and (held[9] or ARGV[7] ~= '' and records > 0)

-- 1. Make room. A page without records has no buckets to split.
if count < wanted and not passes_over then
  if records == 0 then
    count = wanted
  else
    local last, power = math.min(wanted, count + tonumber(ARGV[2])), power_below(count)
    while count < last do count, power = split_next(tag .. 'v:', count, power) end
  end
  set('buckets', count)
end

-- 2. The state.
local function newest(spans)
  local from, to = string.match(spans, '(%d+):(%d*)$')
  return tonumber(to) or tonumber(from) or 0, from ~= nil and to == ''
end
local frozen, hidden = held[6] or '', tonumber(held[7] or 0)
if not passes_over and newest(ARGV[5]) > newest(frozen) then
  frozen = ARGV[5]
  set('frozen', frozen)
end
local asked = passes_over and 0 or tonumber(ARGV[6]) or 0
if not passes_over and tonumber(ARGV[7]) then set('closed', ARGV[7]) end
if math.abs(asked) > math.abs(hidden) then
  hidden = asked
  set('hidden', hidden)
end
local _, is_frozen = newest(frozen)
local new_state = hidden > 0 and 'hidden' or is_frozen and 'frozen' or 'open'
if new_state ~= state then
  state, changed = new_state, true
  set('state', state)
end

-- 3. The totals hold the base count, so whoever reads or moves them need not know of it. It is a state like a vote:
--    the same again moves nothing.
local totals = call('HMGET', page, '0', '1', '2', '3', '4', '5', '6', '7')
for reaction = 1, 8 do totals[reaction] = tonumber(totals[reaction] or 0) end
local moved = { [0] = 0, 0, 0, 0, 0, 0, 0, 0 }
local moves = false
if ARGV[8] and not passes_over then
  local bases = call('HMGET', page, 'b0', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7')
  for reaction = 1, 8 do
    local before, base = tonumber(bases[reaction] or 0), tonumber(ARGV[7 + reaction])
    if base ~= before then
      totals[reaction] = totals[reaction] + base - before
      set(reaction - 1, totals[reaction])
      if base > 0 then set('b' .. reaction - 1, base) else call('HDEL', page, 'b' .. reaction - 1) end
      moved[reaction - 1] = base - before
      moves, changed = true, true
    end
  end
end

-- 4. Write, and tell everyone who watches the page.
if changed then
  rev = rev + 1
  set('rev', rev)
end
if #fields > 0 then call('HSET', page, unpack(fields)) end
if changed then call('SPUBLISH', tag .. 'counts', table.concat({ epoch, rev, state, unpack(totals) }, ' ')) end
local reply = { math.max(count, passes_over and wanted or 0), (held[8] or not held[1]) and 1 or 0 }
if moves then note_now(page, tag, moved, reply) end
return reply
