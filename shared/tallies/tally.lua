-- Step 5 of 7, the way of a vote; next: services/realtime/push-counts.ts, which hears what this publishes.
--
-- Purpose: applies the votes of one page. For each vote: compare with the voter's record, write it, move the totals; then
--   raise the revision and publish the new counts. One atomic step. A vote is a state with a stamp: the same votes
--   again, or in another order, end in the same totals.
-- KEYS[1]: the page's hash. The page's buckets and its channel share its hash tag.
-- ARGV[1]: the votes, 17 bytes each: 8 of the voter's pseudonym, then the 9 bytes of the record that it asks for.
--   Sorted by pseudonym, no voter twice: of two votes of one voter the caller passes on the newer. The reaction asked for is
--   an index; HELD more: to be held (an import); SETTLED more: not to be held, come what may.
-- ARGV[2]: an epoch to take if the page is new. ARGV[3]: the page's id if its keys hold a digest, else "".
-- ARGV[4]: "restore" when the votes are ones that an order took and an undo gives back; else "".
-- ARGV[5]: the minute (its number since 1970) of all the votes' stamps, "" when they do not share one.
-- ARGV[6]: milliseconds for which a record keeps the reaction that it got.
-- Returns: { votes that changed a record, votes that were older than the record, votes cast while the page was frozen,
--   1 while the page is missing from the list of known pages, revision, the places in ARGV[1] (from 0, with blanks between) of
--   votes that came too soon after the record's last change and so were passed over, votes that the page holds, net change of
--   reaction 0, … 7; and when totals moved the number of the minute in which they did, or of each such minute its number and its net change of reaction
--   0, … 7 }.
-- Cost: 3 to 6 µs a vote, less the more of them fall into one bucket. The caller passes at most a few hundred.

-- include: buckets.lua
-- include: counting.lua
-- include: crowd.lua
-- include: frozen.lua
-- include: holds.lua
-- include: split.lua
-- include: timeline.lua
-- include: minutes.lua

local VOTE_BYTES = 17
local SETTLED = 16
local AHEAD_MS_MAX = 5000
-- Held votes that a call looks at again; the credit (crowd.lua) of either kind that it leaves to new ones; and what letting one go
-- takes of its kind's at most: as much as wait in its network, because after a raid most that are held are stuffed.
local RELEASES_MAX, RESERVE, RELEASE_COST_MAX = 16, 5, 12
-- Once the page has counted so many votes of regulars' crowds, new votes of other networks wait where as many wait as this.
local REGULARS_KNOWN, WAITING_MAX = 200, 12

local page, votes = KEYS[1], ARGV[1]
local tag = string.sub(page, 1, -5)
local stem, holds_key = tag .. 'v:', tag .. 'holds'
local call, sub = redis.call, string.sub
-- `stem .. number` takes twice as long: Lua writes any number as one with a fraction.
local format, key_of = string.format, string.gsub(stem, '%%', '%%%%') .. '%d'

-- 1. The page as it stands.
local held = call('HMGET', page, 'epoch', 'rev', 'state', 'records', 'buckets', '0', '1', '2', '3', '4', '5', '6', '7',
  'frozen', 'counting', 'unlisted', 'recent', 'crowd', 'held', 'closed')
local epoch = held[1] or ARGV[2]
local rev, state = tonumber(held[2] or 0), held[3] or 'open'
local records, count = tonumber(held[4] or 0), tonumber(held[5] or 1)
local power = power_below(count)
local restoring = ARGV[4] == 'restore'
local frozen = parse_frozen(held[14])
local counting = parse_counting(held[15])
local unlisted = (held[16] or not held[1]) and 1 or 0
local holds, holds_moved = tonumber(held[19] or 0), false
-- A page that is closed is frozen, too; but here votes from before do not count either: their voters' records may be gone.
local closed = held[20] and not restoring
local shown = 0
for field = 6, 13 do shown = shown + tonumber(held[field] or 0) end
open_crowd(tag, held[18], shown, #votes / VOTE_BYTES, tonumber(ARGV[5]))
local known = singles + crowded + regular

-- 2. Compare each vote with its voter's record: an older vote changes nothing, and neither does the same vote again, nor
--    one that an order took out.
--    The votes come sorted by voter, so those of one bucket stand together: one read and one write serve them all.
local moved = { [0] = 0, 0, 0, 0, 0, 0, 0, 0 }
local applied, stale, refused, added = 0, 0, 0, 0
local early, keep_ms = {}, tonumber(ARGV[6])

-- What moved stands in the timeline at the minute of the vote's stamp; what an undo gives back, at the minute of the undo.
-- Of votes that do not share a minute what moved in each is set apart.
open_minutes(restoring and math.floor(redis_ms() / MINUTE_MS) or tonumber(ARGV[5]))

-- A voter who thinks again at once is asked to come back: else a few of them could keep a page's totals dancing. Whoever
-- withdraws is not, nor whose vote is held: no total shows it.
-- A record that is further ahead than nodes' clocks are apart was written before Redis's clock was set back, and keeps nobody waiting.
local function is_early(at, reaction, at_before, was)
  if at - at_before >= keep_ms or reaction == was or was >= HELD and was ~= WITHDRAWN then return false end
  local age = redis_ms() - at_before
  return age < keep_ms and age >= -AHEAD_MS_MAX
end

-- What a vote is that is new to the page; its source stands at `from` in `bytes`. One of a network in which many wait joins them
-- instead of going first: else a raid that goes on takes whatever those earn who come meanwhile. Not on a page that does not know its
-- readers yet, because a carrier's would be the first in whose network many wait.
local function judge_new(bytes, from)
  local verdict, own = judge(bytes, from)
  if verdict ~= CROWD and verdict ~= STRANGE or regular < REGULARS_KNOWN or holds == 0 and not holds_moved then return verdict, own end
  local source = source_at(bytes, from)
  local waiting = waiting_in(holds_key, source - source % ADDRESSES)
  return waiting < WAITING_MAX and verdict or IMPLAUSIBLE, own
end

-- `place`: of the vote among all.
local function apply(voter, record, before, writes, place)
  if closed then
    refused = refused + 1
    return
  end
  local at, reaction = stamp_and_reaction(record)
  if frozen and (reaction < 2 * HELD or not restoring) and is_frozen(frozen, at) then
    if not restoring then
      refused = refused + 1
      return
    end
    -- It never counted, but it was the voter's last word: nothing older comes back.
    record, reaction = with_reaction(record, TAKEN), TAKEN
  end
  local judged = reaction < HELD and not restoring
  if reaction >= SETTLED and reaction < SETTLED + 8 then
    reaction = reaction - SETTLED
    record = with_reaction(record, reaction)
  end
  local was = WITHDRAWN
  if before then
    local at_before, reaction_before = stamp_and_reaction(before)
    local spent = at == at_before and (reaction == TAKEN or reaction_before == TAKEN and not restoring)
    if at < at_before or spent then
      stale = stale + 1
      return
    end
    was = reaction_before
    if judged and is_early(at, reaction, at_before, was) then
      early[#early + 1] = place
      return
    end
    -- A voter who thinks again is no more plausible than before.
    if judged and is_held(was) then
      reaction = reaction + HELD
      record = with_reaction(record, reaction)
    end
    if record == before then return end
  else
    added = added + 1
  end
  if minutes then turn_to(at, moved) end
  if was < HELD then
    moved[was] = moved[was] - 1
    if reaction == WITHDRAWN then unnote(before, voter) end
  elseif judged and not is_held(was) then
    local verdict, own = judge_new(record, 7)
    if verdict == IMPLAUSIBLE then
      reaction = reaction + HELD
      record = with_reaction(record, reaction)
    else
      note(verdict, own, voter)
    end
  end
  if reaction < HELD then moved[reaction] = moved[reaction] + 1 end
  if is_held(reaction) ~= is_held(was) then
    holds_moved = true
    if is_held(reaction) then hold_vote(holds_key, voter, record) else let_go(holds_key, voter) end
  end
  applied = applied + 1
  local n = #writes
  writes[n + 1] = voter
  writes[n + 2] = record
end

-- The votes from `first` to `last` in the list belong to the bucket `key`.
local function apply_all(key, first, last)
  local voters, asked, writes = {}, {}, {}
  for from = first, last, VOTE_BYTES do
    voters[#voters + 1] = sub(votes, from, from + 7)
    asked[#asked + 1] = sub(votes, from + 8, from + 16)
  end
  local present = call('HMGET', key, unpack(voters))
  local places = (first - 1) / VOTE_BYTES - 1
  for i = 1, #voters do apply(voters[i], asked[i], present[i], writes, places + i) end
  if #writes > 0 then call('HSET', key, unpack(writes)) end
end

-- Most votes are alone in their bucket and their voter's first on the page: written at once unless there is a record, that is
-- one command and no table.
local function apply_one(key, from)
  local voter, record = sub(votes, from, from + 7), sub(votes, from + 8, from + 16)
  local reaction = byte(votes, from + 13) % 64
  if frozen or minutes or reaction >= HELD and reaction < SETTLED + 8 then return apply_all(key, from, from) end
  local verdict, own
  if reaction < HELD and not restoring then
    verdict, own = judge_new(votes, from + 14)
    if verdict == IMPLAUSIBLE then return apply_all(key, from, from) end
  end
  if call('HSETNX', key, voter, record) == 0 then return apply_all(key, from, from) end
  if verdict then note(verdict, own, voter) end
  if reaction < HELD then moved[reaction] = moved[reaction] + 1 end
  applied, added = applied + 1, added + 1
end

local from, last = 1, #votes
local bucket = last > 0 and bucket_of(votes, 1, count, power)
while from <= last do
  local here, first = bucket, from
  repeat
    from = from + VOTE_BYTES
    bucket = from <= last and bucket_of(votes, from, count, power)
  until bucket ~= here
  local moved_before = counting and is_counted(counting, here) and { [0] = moved[0], unpack(moved) }
  if from - first == VOTE_BYTES then
    apply_one(format(key_of, here), first)
  else
    apply_all(format(key_of, here), first, from - VOTE_BYTES)
  end
  if moved_before then
    for r = 0, 7 do counting.sums[r] = counting.sums[r] + moved[r] - moved_before[r] end
  end
end
early = table.concat(early, ' ')
if applied == 0 then return { 0, stale, refused, held[1] and unlisted or 0, rev, early, holds, 0, 0, 0, 0, 0, 0, 0, 0 } end

-- 3. Make room: the bucket whose turn it is becomes two, until the mean is right again.
records = records + added
while records > count * RECORDS_A_BUCKET do
  count, power = split_next(stem, count, power)
end

-- 4. Others came: held votes that have become plausible are let go. What an import brings makes nothing plausible: it says itself
--    what is held.
local function let_go_if_plausible(voter, cost)
  local here = bucket_of(voter, 1, count, power)
  local record = call('HGET', stem .. here, voter)
  local reaction = record and byte(record, 6) % 64 or TAKEN
  local verdict, own
  if is_held(reaction) then verdict, own = judge(record, 7) end
  if verdict == IMPLAUSIBLE or verdict and credit_for(verdict) <= RESERVE + cost then return end
  let_go(holds_key, voter)
  holds_moved = true
  if not verdict then return end
  note(verdict, own, voter)
  pay_more(verdict, cost - 1)
  reaction = reaction - HELD
  call('HSET', stem .. here, voter, with_reaction(record, reaction))
  moved[reaction] = moved[reaction] + 1
  if counting and is_counted(counting, here) then counting.sums[reaction] = counting.sums[reaction] + 1 end
end

local function let_some_go()
  local random = random_from(votes)
  local networks_held = draw_networks(holds_key, random)
  local looked = 0
  while true do
    local looked_before = looked
    for i = 1, #networks_held do
      local cost = math.min(networks_held[i].waiting, RELEASE_COST_MAX)
      if looked == RELEASES_MAX then return end
      local voter = draw_voter(holds_key, random, networks_held[i].first)
      if voter then
        looked = looked + 1
        let_go_if_plausible(voter, cost)
      end
    end
    if looked == looked_before then return end
  end
end

if holds > 0 and singles + crowded + regular > known and math.max(credit_now(), strange_credit) > RESERVE + 1 then let_some_go() end

-- 5. Move the totals, raise the revision, and write the timeline.
local fields, totals, total_moved = {}, {}, false
local function set(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
for reaction = 0, 7 do
  local total = tonumber(held[6 + reaction] or 0) + moved[reaction]
  totals[reaction + 1] = total
  if moved[reaction] ~= 0 then
    total_moved = true
    set(reaction, total)
  end
end
if not held[1] then
  set('epoch', epoch)
  set('unlisted', 1)
  if ARGV[3] ~= '' then set('id', ARGV[3]) end
end
if added > 0 then
  set('records', records)
  set('buckets', count)
end
if total_moved then
  rev = rev + 1
  set('rev', rev)
end
if counting then set('counting', format_counting(counting)) end
if holds_moved then
  holds = call('ZCARD', holds_key)
  set('held', holds)
end
local reply = { applied, stale, refused, unlisted, rev, early, holds, moved[0], unpack(moved) }
local recent = parse_recent(held[17])
if minutes then
  end_minute(moved)
  for number, sums in pairs(minutes) do
    reply[#reply + 1] = note_change(recent, tag, number, sums)
    for r = 0, 7 do reply[#reply + 1] = sums[r] end
  end
elseif total_moved then
  reply[#reply + 1] = note_change(recent, tag, minute, moved)
end
if recent.sums then set('recent', format_recent(recent)) end
if networks > 0 then set('crowd', close_crowd()) end
if #fields > 0 then call('HSET', page, unpack(fields)) end

-- 6. Tell everyone who watches the page.
if total_moved then call('SPUBLISH', tag .. 'counts', table.concat({ epoch, rev, state, unpack(totals) }, ' ')) end
return reply
