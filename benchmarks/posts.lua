-- What wrk sends (benchmarks/load_generator.py): a form, each time with another household's name and record id.
-- From the environment: TARGET (path), BODY (the other fields), PEOPLE ("session:token" of each, comma-separated).

local people, body = {}, os.getenv("BODY")
for session, token in string.gmatch(os.getenv("PEOPLE"), "([^:,]+):([^:,]+)") do
  people[#people + 1] = { session = session, token = token }
end

local sent = 0

function init(arguments)
  math.randomseed(tonumber(os.getenv("SEED")))
end

local function figures(count)
  local found = {}
  for at = 1, count do
    found[at] = string.format("%x", math.random(0, 15))
  end
  return table.concat(found)
end

-- A character of the 20,000 from U+4E00 on, as UTF-8, percent-encoded.
local function character()
  local code = 0x4E00 + math.random(0, 19999)
  local last = 0x80 + code % 64
  return string.format("%%%X%%%X%%%X", 0xE0 + math.floor(code / 4096), 0x80 + math.floor(code / 64) % 64, last)
end

function request()
  sent = sent + 1
  local id = table.concat({ figures(8), figures(4), "4" .. figures(3), "a" .. figures(3), figures(12) }, "-")
  local who = people[sent % #people + 1]
  local fields = { body, "record-id=" .. id, "csrf_token=" .. who.token,
    "householder=" .. character() .. character() .. character() }
  local headers = { ["Content-Type"] = "application/x-www-form-urlencoded", ["Cookie"] = "huitoukan=" .. who.session }
  return wrk.format("POST", os.getenv("TARGET"), headers, table.concat(fields, "&"))
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('FOUND {"requests": %d, "seconds": %f, "failed": %d, "median": %f, "p95": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, failed,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
