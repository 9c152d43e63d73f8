#!/bin/sh
# Runs workerd so that it ends with the Node process that started it, even if that is killed.
# On Linux setpriv asks the kernel for this. Elsewhere workerd runs as it is.
if setpriv --pdeathsig KILL true 2>/dev/null; then
  exec setpriv --pdeathsig KILL "$GUARDED_WORKERD" "$@"
fi
exec "$GUARDED_WORKERD" "$@"
