-- wrk script: GETs of the paths in the file PATHS, GETs of unknown actions (MISS=1), or PUTs (PUT=1) of the 8 KiB
-- objects in the file BODIES, whose output IDs are in the file PATHS, under a new action each. With a bearer token if TOKEN is set.
local paths, bodies, seed = {}, nil, tonumber(os.getenv("SEED") or "1")
local headers = { ["Want-Object"] = "1" }
local token = os.getenv("TOKEN") or ""
if token ~= "" then headers["Authorization"] = "Bearer " .. token end

local function random_id()
  local s = {}
  for i = 1, 8 do s[i] = string.format("%08x", math.random(0, 0x7fffffff)) end
  return table.concat(s)
end

function init()
  math.randomseed(seed)
  for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
  if os.getenv("PUT") then bodies = io.open(os.getenv("BODIES"), "rb") end
end

local n = 0
function request()
  if os.getenv("MISS") then return wrk.format("GET", "/action/" .. random_id(), headers) end
  if not bodies then return wrk.format("GET", paths[math.random(#paths)], headers) end
  n = n % #paths + 1
  bodies:seek("set", (n - 1) * 8192)
  return wrk.format("PUT", "/" .. random_id() .. "/" .. paths[n], headers, bodies:read(8192))
end

function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.read + summary.errors.timeout))
end
