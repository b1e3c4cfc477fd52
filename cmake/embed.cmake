# Puts files into the binaries: migrations, page templates and the stylesheet. Each lands in
# calint::embedded::files() (base/embedded.h) under its path in the source tree.
function(calint_embed result)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
       sql/migrations/*.sql sql/*.sql mod_calint/pages/templates/* mod_calint/pages/static/*)
  set(output ${CMAKE_BINARY_DIR}/embedded_files.cc)
  list(TRANSFORM files PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE absolute)
  list(JOIN files "|" joined)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} "-DFILES=${joined}" -DOUTPUT=${output}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${absolute} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    VERBATIM)
  set(${result} ${output} PARENT_SCOPE)
endfunction()
