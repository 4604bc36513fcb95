-- Purpose: decides which new votes of a page are plausible, and which are held. Included after buckets.lua.
--
-- It knows networks only as records name them: 18 bits for the network at large (an IPv4 /24, an IPv6 /48) and 6 bits for
-- the address in it (an IPv4 address, an IPv6 /64). How many counted votes of a page came from each stands beside the page,
-- in one string of one-byte counters that two networks may share: four to a network, by the last two bits of the address.
-- So it is a sketch in the manner of count-min (Cormode and Muthukrishnan, 2005), and never counts too few but when it grows.
--
-- A new vote is *single* while its address and its network have few; beyond that it is one of a *crowd*. Families, offices and
-- carriers are crowds, too. A vote of a crowd is plausible
--   - while its address has fewer than a floor plus a share of the page's recent votes, a smaller share when it sends more than all
--     others of its network together: a host, or an office; a carrier's addresses send alike. Offices do not grow with the page,
--     so where one and a half times the square root of these votes is more than the share, it is that; and
--   - while the page has credit: a floor to begin with; each single vote adds somewhat more than what crowds have sent so far
--     for each single vote on this very page; each vote of a crowd takes one. A page that is read by a carrier's customers earns
--     much, one whose votes come singly earns little, and a thousand rented addresses share what there is.
-- Networks that have sent many of the page's counted votes are its *regulars*. What they have sent earns a credit of their own,
-- and that is taken first: a raid by networks that the page has never seen does not keep a carrier's readers waiting. Part of it
-- is credit for everybody, too: an office that reads for the first time has earned nothing yet.
-- What crowds have sent for each single vote is no less than half of what it was a day before, though the page had a flood of
-- single votes since: else ten thousand of them from as many homes, real or not, would keep offices waiting for the rest of the day.
-- Networks that vote here and hardly on the site's other pages are *strangers*: the key `strangers`, where there is one, has three bytes
-- for each network that is, its first source (services/worker/site-readers.ts). They have a small credit of their own, whatever they have sent so far, and
-- what they send, be it single, makes nothing else plausible: else a raid that begins with the page and goes on all day would teach
-- it that such crowds are usual.
-- What is held is not counted here: only what the public sees makes more of it plausible.
--
-- The field `crowd` of a page's hash: `singles crowded credit counted sampled regular regular_credit peak regular_peak
-- strange_credit before`: votes of either kind in the totals, without regulars' of crowds and strangers', the credit, the sum of the
-- counters, of how many votes one is counted, votes of regulars' crowds, their credit, the height of either kind's peak
-- (`fall_slowly`), strangers' credit, and the page's total when counting began. The string lives for a day, as sources do; then counting
-- begins anew, and what was voted before is not recent any more: ten thousand votes of last year make none of today's plausible.

local ADDRESS_FLOOR, ADDRESS_SHARE, LONE_SHARE, ADDRESS_COUNTED_MAX = 9, 0.03, 0.01, 250
-- An address on a page that is no large one may have so many times the square root of its recent votes besides the floor, and so many
-- at least.
local OFFICE_TIMES, OFFICE_MIN = 1.5, 3
local CREDIT_FLOOR, CREDIT_SHARE = 25, 0.003
-- Counted votes that make a network a regular: a floor and a share of the page's; and what part of theirs all may have besides.
local REGULAR_FLOOR, REGULAR_SHARE, REGULAR_SHARED = 20, 0.004, 0.4
-- Strangers' credit: what each single vote adds, and how many times the square root of the recent votes it may be besides the floor.
local STRANGE_GAIN, STRANGE_TIMES = 0.1, 2
-- What is single: so many, what chance puts on the counters, and some deviations: of a page whose votes are counted by samples a
-- single counted vote must not make a crowd of whoever shares its counter.
local SINGLE_ADDRESS, SINGLE_NETWORK, SINGLE_DEVIATIONS = 2, 2, 2
-- Crowds send so much for each single vote until the page has shown otherwise: this guess weighs as much as so many votes.
local USUAL, USUAL_WEIGHT, MARGIN = 1.5, 150, 1.65
local MINUTES_A_DAY = 1440
-- Below so many voters nothing is counted: most pages never have more.
local COUNTED_FROM = 8
-- Somewhat fewer than a power of two, so that the counters and Redis's own few bytes fill what is allocated for them.
local NETWORKS_MIN, NETWORKS_MAX, LIVES_S = 126, 16128, 86400
-- The fewest counters do for so many voters: on a page of 200 twice as many would take a tenth of all its memory.
local ROOM_MIN = 256
-- All counters are read at once where there are fewer networks for each vote than this; Lua hashes every byte that it is given.
local NETWORKS_A_VOTE = 256

local SINGLE, CROWD, REGULAR, STRANGE, IMPLAUSIBLE = 1, 2, 3, 4, 5

-- Plain locals, because every vote asks for them.
local crowd_key, strangers_key, networks, cells, sampled = false, false, 0, false, 1
local surely_single = 0 -- counters of a network whose sum is below this: whatever the address, the vote is single
local singles, crowded, credit, counted = 0, 0, CREDIT_FLOOR, 0
local before = 0 -- the total when counting began
local regular, regular_credit, regular_min = 0, 0, 0
local gain, regular_gain, credit_max, address_max, lone_max, single_address_max, single_network_max
local peak, regular_peak = 0, 0
local strange_credit, strange_credit_max = CREDIT_FLOOR, 0
local strangers -- their networks; false when there are none; nil until somebody asks
local earned = 0 -- single votes whose credit is in
local steps, steps_used, fresh = { 'OVERFLOW', 'SAT' }, 2, {}

-- Counters above this are more than chance: they keep what they have when each becomes two, lest a page that grows forget who
-- sent much, at the price of one more network that is taken for a crowd.
local HEAVY = 8

-- All counters halved; those above `heavy` as they are.
local function halved(text, heavy)
  local halves = {}
  for n = 0, 255 do halves[string.char(n)] = string.char(n > heavy and n or floor(n / 2)) end
  return (string.gsub(text, '.', halves))
end

-- Voters that there are counters for: past it there will be twice as many or, when there may be no more, half as many votes
-- are counted.
local function room()
  return networks == NETWORKS_MIN and ROOM_MIN or networks < NETWORKS_MAX and networks or networks * sampled / 2
end

-- Makes sure that there are counters, and as many as the page's votes of the day need. Returns how many these are.
local function fit(total)
  networks = redis.call('STRLEN', crowd_key) / 4
  if networks == 0 then
    before, counted, sampled, networks = total, 0, 1, NETWORKS_MIN
    redis.call('SETRANGE', crowd_key, networks * 4 - 1, '\0')
    redis.call('EXPIRE', crowd_key, LIVES_S)
  end
  -- An order may have taken votes of before.
  before = math.min(before, total)
  local recent = total - before
  if recent > room() then
    local more = networks < NETWORKS_MAX
    local half = halved(redis.call('GET', crowd_key), more and HEAVY or 255)
    counted = floor(counted / 2)
    if more then
      -- The votes of each counter belong to two by now, and nobody knows which.
      networks, half = networks * 2, half .. half
    else
      sampled = sampled * 2
    end
    -- SETRANGE would take twice the memory, for a string that goes on growing.
    redis.call('SET', crowd_key, half, 'KEEPTTL')
  end
  return recent
end

-- What a share is taken for that falls by half in a day at most. `height`: of its peak; a power of two with the day added on which
-- it was that high, so that it stays the same while the peak fades. 0 before there was any.
-- `minute`: of the votes, false when they do not share one. Votes that come days late see the peak too high, for their call only.
-- Returns the share and the height from now on.
local function fall_slowly(share, height, minute)
  if not minute then return share, height end
  local day = minute / MINUTES_A_DAY
  height = math.max(height, math.log(share) / math.log(2) + day)
  return 2 ^ (height - day), height
end

-- `tag`: what the names of the page's keys begin with; `text`: the field `crowd`; `total`: of the page's votes, as the public sees it:
-- whoever withdraws, or waits, makes nothing plausible; `asked`: votes to come; `minute`: of all their stamps, false when they do not
-- share one.
local function open_crowd(tag, text, total, asked, minute)
  crowd_key, strangers_key = tag .. 'crowd', tag .. 'strangers'
  if text then
    local a, b, c, d, e, f, g, h, i, j, k =
      string.match(text, '^(%S+) (%S+) (%S+) (%S+) (%S+) ?(%S*) ?(%S*) ?(%S*) ?(%S*) ?(%S*) ?(%S*)$')
    singles, crowded, credit, counted, sampled = tonumber(a), tonumber(b), tonumber(c), tonumber(d), tonumber(e)
    -- Pages that were counted before there were regulars have none, and so with peaks and strangers.
    regular, regular_credit = tonumber(f) or 0, tonumber(g) or 0
    peak, regular_peak = tonumber(h) or 0, tonumber(i) or 0
    strange_credit = tonumber(j) or CREDIT_FLOOR
    before = tonumber(k) or 0
    earned = singles
  end
  local weight = USUAL_WEIGHT + singles
  local sent, lately = (crowded + REGULAR_SHARED * regular) / weight
  lately, peak = fall_slowly(sent, peak, minute)
  gain = MARGIN * math.max(USUAL * USUAL_WEIGHT / weight + sent, lately)
  lately, regular_peak = fall_slowly(regular / weight, regular_peak, minute)
  regular_gain = MARGIN * lately
  credit_max, strange_credit_max = CREDIT_FLOOR, CREDIT_FLOOR
  if total + asked < COUNTED_FROM then return end
  local recent = fit(total)
  credit_max = CREDIT_FLOOR + CREDIT_SHARE * recent
  strange_credit_max = CREDIT_FLOOR + STRANGE_TIMES * math.sqrt(recent)
  if asked > math.max(8, networks / NETWORKS_A_VOTE) then cells = redis.call('GET', crowd_key) end
  local by_chance = counted / networks
  local office = math.max(OFFICE_MIN, OFFICE_TIMES * math.sqrt(recent))
  address_max = math.min(ADDRESS_COUNTED_MAX, (ADDRESS_FLOOR + math.max(office, ADDRESS_SHARE * recent)) / sampled)
  lone_max = (ADDRESS_FLOOR + math.max(office, LONE_SHARE * recent)) / sampled
  regular_min = (REGULAR_FLOOR + REGULAR_SHARE * recent) / sampled
  single_address_max = SINGLE_ADDRESS / sampled + by_chance / 4 + SINGLE_DEVIATIONS * math.sqrt(by_chance / 4)
  single_network_max = SINGLE_NETWORK / sampled + by_chance + SINGLE_DEVIATIONS * math.sqrt(by_chance)
  surely_single = math.min(single_address_max, single_network_max)
end

-- Single votes add their credit when somebody asks for it, and those that were withdrawn take it along: on most pages nobody does.
local function earn()
  if singles == earned then return end
  credit = math.min(credit_max, credit + gain * (singles - earned))
  regular_credit = math.min(credit_max, regular_credit + regular_gain * (singles - earned))
  strange_credit = math.min(strange_credit_max, strange_credit + STRANGE_GAIN * (singles - earned))
  earned = singles
end

-- What a vote of a crowd that is no regular may take from.
local function credit_now()
  earn()
  return credit
end

-- What a vote judged so may take from, besides what regulars have earned.
local function credit_for(verdict)
  earn()
  return verdict == STRANGE and strange_credit or credit
end

-- Takes more of it than the vote itself does.
local function pay_more(verdict, by)
  if verdict == STRANGE then strange_credit = strange_credit - by else credit = credit - by end
end

-- `a`, `b`, `c`: the bytes of a source.
local function is_stranger(a, b, c)
  if strangers == nil then strangers = redis.call('GET', strangers_key) end
  if not strangers then return false end
  local first, place = string.char(a, b, c - c % 64), 0
  repeat place = string.find(strangers, first, place + 1, true) until not place or place % 3 == 1
  return place ~= nil
end

-- What the next vote of a source is, and the place of the source's counter. The source stands at `from` in `bytes`.
local function judge(bytes, from)
  if networks == 0 then return SINGLE end
  local a, b, c = byte(bytes, from, from + 2)
  local d = c % 4
  local first = (a * 4096 + b * 16 + (c - c % 64) / 16) % (networks * 4)
  local w, x, y, z
  if cells then
    w, x, y, z = byte(cells, first + 1, first + 4)
  else
    w, x, y, z = byte(redis.call('GETRANGE', crowd_key, first, first + 3), 1, 4)
  end
  -- What this very call added is known by network only, which errs on the safe side.
  local new = fresh[first] or 0
  local network = w + x + y + z + new
  local stranger = strangers ~= false and is_stranger(a, b, c)
  if network < surely_single and not stranger then return SINGLE, first + d end
  local address = (d < 2 and (d == 0 and w or x) or d == 2 and y or d == 3 and z) + new
  if address < single_address_max and network < single_network_max and not stranger then return SINGLE, first + d end
  local most = 2 * address > network and lone_max or address_max
  if address >= most then return IMPLAUSIBLE, first + d end
  earn()
  if stranger then return strange_credit < 1 and IMPLAUSIBLE or STRANGE, first + d end
  local known = network >= regular_min
  if credit < 1 and not (known and regular_credit >= 1) then return IMPLAUSIBLE, first + d end
  return known and REGULAR or CROWD, first + d
end

local function count(own, by)
  local first, n = own - own % 4, steps_used
  fresh[first] = (fresh[first] or 0) + by
  steps[n + 1], steps[n + 2], steps[n + 3], steps[n + 4] = 'INCRBY', 'u8', string.format('#%d', own), by > 0 and '1' or '-1'
  steps_used = n + 4
  counted = counted + by
end

-- Whether this voter's vote is one of those that the counters count.
local function is_sampled(voter)
  return networks > 0 and (sampled == 1 or byte(voter, 8) % sampled == 0)
end

-- The vote of `voter`, judged so, is in the totals.
local function note(verdict, own, voter)
  if verdict == SINGLE then
    singles = singles + 1
  elseif verdict == CROWD then
    crowded, credit = crowded + 1, credit_now() - 1
  elseif verdict == STRANGE then
    earn()
    strange_credit = strange_credit - 1
  else
    earn()
    regular = regular + 1
    if regular_credit >= 1 then regular_credit = regular_credit - 1 else credit = credit - 1 end
  end
  if is_sampled(voter) then count(own, 1) end
end

-- A counted vote has gone again by its voter's own wish. It must not stand in the way of the next; nor may anything stay plausible by
-- it, or who votes and withdraws in turns would let a raid in. So what the last vote that came from there did is undone.
local function unnote(record, voter)
  local _, own = judge(record, 7)
  if is_sampled(voter) then count(own, -1) end
  local verdict = judge(record, 7)
  if verdict == SINGLE then
    singles = math.max(0, singles - 1)
  elseif verdict == REGULAR then
    earn()
    regular, regular_credit = math.max(0, regular - 1), regular_credit + 1
  elseif verdict == STRANGE then
    earn()
    strange_credit = strange_credit + 1
  else
    crowded, credit = math.max(0, crowded - 1), credit_now() + 1
  end
end

-- Writes the counters; returns the field `crowd`.
local function close_crowd()
  if steps_used > 2 then redis.call('BITFIELD', crowd_key, unpack(steps)) end
  return string.format('%d %d %.2f %d %d %d %.2f %.3f %.3f %.2f %d', singles, crowded, credit_now(), math.max(0, counted), sampled,
    regular, regular_credit, peak, regular_peak, strange_credit, before)
end
