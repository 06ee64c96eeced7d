// What fpsa_headers compiles: nothing but the headers.
