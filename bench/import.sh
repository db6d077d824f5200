#!/bin/sh
# A million street lights imported, in one process, with the time and memory that it took.
# bench/import.sh BINARY [FLAGS OF SONGHAN, such as --data DIR --database URL]
set -eu
songhan=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
awk 'BEGIN {
    print "lon,lat,code,lamp,power_w,pole_height_m,state,commune"
    for (n = 0; n < 1000000; n++)
        printf "%.6f,%.6f,BM-%07d,led,%d,%d,working,20242\n", 108 + n % 1000 / 2000, 15.9 + int(n / 1000) / 2500, n,
            70 + n % 5 * 10, 7 + n % 4
}' > "$folder/lights.csv"
began=$(date +%s.%N)
/usr/bin/time -f '%U s of processor time, %M KiB at most' "$songhan" import layer street-lights "$folder/lights.csv" "$@" \
    2> "$folder/told"
ended=$(date +%s.%N)
tail -n 1 "$folder/told"
awk -v began="$began" -v ended="$ended" 'BEGIN { printf "%.1f s\n", ended - began }'
