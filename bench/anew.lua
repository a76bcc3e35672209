-- Has every answer made anew: a parameter that means nothing is in the key of a cached response, and in no key below.
local begun, number = os.time(), 0

function request()
  number = number + 1
  local joint = string.find(wrk.path, "?", 1, true) and "&" or "?"
  return wrk.format(nil, wrk.path .. joint .. "anew=" .. begun .. "." .. number)
end
