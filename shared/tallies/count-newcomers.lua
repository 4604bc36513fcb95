-- Purpose: counts the new voters of a site by neighbourhood (an IPv4 /24, an IPv6 /48), and says whether more come than the
--   site's other new voters make plausible.
-- KEYS[1]: stem of the site's keys; `<stem>:<window>`, a hash, and `<stem>:usual` share its hash tag.
-- ARGV[1]: the window: its number since 1970. ARGV[2]: how much of it has passed, 0 to 1. ARGV[3]: the neighbourhood, a number
--   of 14 bits. ARGV[4]: seconds in a window.
-- Returns: { new voters of the neighbourhood in the last window's length, in thousandths of how many are plausible; the same
--   for the whole site }; the last window's length is this window and the right part of the one before.
-- Cost: 10 µs; at most 16,385 fields in each of two hashes a site, 2 MB.
--
-- A newcomer is *single* while its neighbourhood has sent hardly any. News that breaks brings single ones from everywhere, and
-- with them more of a carrier's; a script on one host, or on a rack of rented ones, brings none. So a neighbourhood may send
-- a floor and a share of what comes singly, and a site may have some times its usual number of single ones: whoever wants to make a
-- whole site look stormed needs thousands of networks. A site that is new has nothing usual yet: a number is taken for it that the
-- first rush of most stays below, and the first window counts for no more, lest a flood that comes with it be what is usual.

local SINGLE = 2
local FLOOR, SHARE = 32, 0.25
local SITE_FLOOR, SITE_TIMES = 4000, 10
local USUAL_AT_FIRST = 2000
-- How much the newest window weighs in what is usual: about eight hours are remembered.
local NEWEST = 0.02
local USUAL_KEPT_S = 2592000

local call, floor = redis.call, math.floor
local stem, window, neighbourhood = KEYS[1], tonumber(ARGV[1]), ARGV[3]
local left = 1 - tonumber(ARGV[2])
local this, before = stem .. ':' .. window, stem .. ':' .. (window - 1)

local past = call('HMGET', before, neighbourhood, 'single')
local mine = call('HINCRBY', this, neighbourhood, 1) + left * tonumber(past[1] or 0)
local single
if mine <= SINGLE then
  single = call('HINCRBY', this, 'single', 1)
else
  single = tonumber(call('HGET', this, 'single') or 0)
end

local kept = call('GET', stem .. ':usual')
local usual = tonumber(kept)
-- The window's first newcomer looks back on the one before, in which there may have been none.
if call('EXPIRE', this, 2 * tonumber(ARGV[4]), 'NX') == 1 then
  local last = tonumber(past[2] or 0)
  if usual then
    usual = usual + NEWEST * (last - usual)
  elseif kept then
    usual = math.min(last, USUAL_AT_FIRST)
  end
  call('SET', stem .. ':usual', usual and string.format('%.2f', usual) or 'new', 'EX', USUAL_KEPT_S)
end

single = single + left * tonumber(past[2] or 0)
local site = single / math.max(SITE_FLOOR, SITE_TIMES * (usual or USUAL_AT_FIRST))
return { floor(1000 * mine / (FLOOR + SHARE * single)), floor(1000 * site) }
