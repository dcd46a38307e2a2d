-- Who compared when was read by nobody, and no right may rest on it (decision 0032).
DROP TABLE verification_done;
