#!/bin/sh
# Runs workerd so that it ends with the Node process that started it, even one that is killed.
# The kernel does that where setpriv can ask for it (Linux); elsewhere workerd runs as it is.
if setpriv --pdeathsig KILL true 2>/dev/null; then
  exec setpriv --pdeathsig KILL "$GUARDED_WORKERD" "$@"
fi
exec "$GUARDED_WORKERD" "$@"
