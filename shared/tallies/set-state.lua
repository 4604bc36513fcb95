-- Purpose: freezes or reopens, hides or shows one page, or closes it for good: then nothing reopens it, and no vote counts,
--   whenever it was cast (the field `closed`: since when). Of two such orders the one stamped later holds, in whatever order
--   they are carried out; the same again changes nothing. A page that nobody voted on yet is made.
-- KEYS[1]: the page's hash. ARGV[1]: "freeze", "reopen", "hide", "show" or "close". ARGV[2]: the order's stamp, ms.
-- ARGV[3]: an epoch to take if the page is new. ARGV[4]: the page's id if its keys hold a digest, else "".
-- ARGV[5], ARGV[6]: for "close" the revision and the number of records that were seen: a page that has others stays open.
-- Returns: { 1 while the page is missing from the list of known pages, since when it is frozen (ms; 0: it is not),
--   since when it is closed (the same) }.
-- Cost: one read and one write.

local page, order, at = KEYS[1], ARGV[1], tonumber(ARGV[2])
local call = redis.call
-- Spans of freezing that are remembered; votes of older ones are not in flight any more.
local SPANS_MAX = 8

local held = call('HMGET', page, 'epoch', 'rev', 'state', '0', '1', '2', '3', '4', '5', '6', '7', 'frozen', 'hidden',
  'unlisted', 'closed', 'records')
local rev, state = tonumber(held[2] or 0), held[3] or 'open'
-- Stamp of the last hide, or less than zero: of the last show.
local hidden = tonumber(held[13] or 0)

local closed = tonumber(held[15] or 0)
if order == 'close' and (rev ~= tonumber(ARGV[5]) or tonumber(held[16] or 0) ~= tonumber(ARGV[6])) then
  return { 0, 0, closed }
end

local spans = {}
for span in string.gmatch(held[12] or '', '%S+') do spans[#spans + 1] = span end
local from, to = string.match(spans[#spans] or '', '(%d+):(%d*)')
local newest = tonumber(to) or tonumber(from) or 0
local is_frozen = from ~= nil and to == ''

if order == 'close' and closed == 0 then closed = at end
if (order == 'freeze' and at >= newest or order == 'close') and not is_frozen then
  spans[#spans + 1] = at .. ':'
  if #spans > SPANS_MAX then table.remove(spans, 1) end
  is_frozen = true
elseif order == 'reopen' and closed == 0 and is_frozen and at >= newest then
  spans[#spans] = spans[#spans] .. at
  is_frozen = false
elseif order == 'hide' and hidden <= 0 and at >= -hidden then
  hidden = at
elseif order == 'show' and hidden > 0 and at >= hidden then
  hidden = -at
end

local new_state = hidden > 0 and 'hidden' or is_frozen and 'frozen' or 'open'
local epoch = held[1] or ARGV[3]
if not held[1] then
  call('HSET', page, 'epoch', epoch, 'unlisted', 1)
  if ARGV[4] ~= '' then call('HSET', page, 'id', ARGV[4]) end
end
if #spans > 0 then call('HSET', page, 'frozen', table.concat(spans, ' ')) end
if hidden ~= 0 then call('HSET', page, 'hidden', hidden) end
if closed > 0 then call('HSET', page, 'closed', closed) end
if new_state ~= state then
  rev = rev + 1
  call('HSET', page, 'state', new_state, 'rev', rev)
  local totals = {}
  for i = 1, 8 do totals[i] = held[3 + i] or 0 end
  call('SPUBLISH', string.sub(page, 1, -5) .. 'counts', table.concat({ epoch, rev, new_state, unpack(totals) }, ' '))
end
local since = is_frozen and tonumber(string.match(spans[#spans], '%d+')) or 0
return { (held[14] or not held[1]) and 1 or 0, since, closed }
