# Creates the cluster where there is none, runs its server, and stops it when nobody uses it any more.
#
#   stdin   the lifeline: it ends when the last process that uses the cluster has ended, however it ended
#   stdout  the lock: whoever has it open, server and initdb included, proves that the files are in use
#   stderr  the log
#
#   $1 durable or throwaway   $2 the cluster's home   $3 the folder of its socket
#   $4 the folder of initdb and postgres, and from $5 on the server's own arguments

kind=$1 home=$2 sockets=$3 bin=$4
shift 4
cluster=$home/cluster

# Neither a closed terminal nor a polite kill ends this shell, only the lifeline does.
trap '' HUP INT TERM

case $kind in
durable) initdb_options= stop_signal=INT ;;
throwaway) initdb_options='--no-sync --wal-segsize=1' stop_signal=QUIT ;;
esac

create_cluster() {
    rm -rf "$home/unfinished"
    # shellcheck disable=SC2086 # several options in one variable
    "$bin/initdb" --pgdata="$home/unfinished" --username=postgres --auth=trust \
        --encoding=UTF8 --locale=C --no-instructions $initdb_options <&1 >&2 &&
        mv "$home/unfinished" "$cluster"
}

# Users of a shared cluster say one line when they come; nobody ever says anything else.
wait_for_the_last_user() {
    while :; do
        while read -r _; do :; done
        [ "$kind" = throwaway ] || break
        # The next test may be on its way; a cluster kept warm saves it the start.
        sleep 2
        # Without the name nobody comes in any more; whoever came in before is heard now.
        mv "$home/users" "$home/closed"
        read -r _ || break
        mv "$home/closed" "$home/users"
    done
}

# A throw-away home is moved first, so that a newcomer under the old name is never swept away with it.
clean_up() {
    [ "$kind" = throwaway ] || return
    mv "$home" "$home.$$" && rm -rf "$home.$$"
}

if ! [ -d "$cluster" ] && ! create_cluster; then
    clean_up
    exit 1
fi

# We hold the lock, so whatever server wrote these is gone: after a power cut they would only be in the way.
rm -f "$cluster/postmaster.pid" "$sockets/.s.PGSQL."*

exec 3<&0
"$bin/postgres" -D "$cluster" "$@" <&1 >&2 3<&- &
server=$!
{
    wait_for_the_last_user
    # Again and again, because a server that has only just started does not listen to signals yet.
    while kill -s "$stop_signal" "$server"; do sleep 1; done
} <&3 >/dev/null 3<&- &
listener=$!

wait "$server"
status=$?
# Still there if the server ended by itself.
kill -s KILL "$listener" 2>/dev/null
clean_up
exit "$status"
