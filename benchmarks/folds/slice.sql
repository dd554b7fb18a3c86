-- Write the events numbered from $first up to, not including, $past to the file $out, in their order.
COPY (FROM numbered WHERE seq >= $first AND seq < $past ORDER BY seq)
TO $out (FORMAT parquet, COMPRESSION zstd)
