# Puts files into the binaries: migrations, page templates, texts, the stylesheet and the description of the interface. Each lands in
# calint::embedded::files() (base/embedded.h) under its path in the source tree.
function(calint_embed result)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
       sql/migrations/*.sql sql/*.sql mod_calint/api/openapi.json mod_calint/pages/templates/* mod_calint/pages/texts/*.json mod_calint/pages/static/*)
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

# Makes types of the statements in mod_calint/<room>/sql/<noun>/, one header a noun, which are included as
# "<room>/sql/<noun>.h". What stands in sql/fragments/ is included by statements and is none itself.
function(calint_embed_sql result)
  file(GLOB all CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} mod_calint/*/sql/*/*.sql)
  set(statements ${all})
  list(FILTER statements EXCLUDE REGEX "/sql/fragments/")
  set(folder ${CMAKE_BINARY_DIR}/generated)
  set(headers ${folder}/embedded_statements.h)
  foreach(file ${statements})
    string(REGEX REPLACE "^mod_calint/(.*)/[^/]*$" "\\1.h" header ${file})
    list(APPEND headers ${folder}/${header})
  endforeach()
  list(REMOVE_DUPLICATES headers)
  list(TRANSFORM all PREPEND ${CMAKE_SOURCE_DIR}/)
  add_executable(embed_sql cmake/embed_sql.cc)
  target_link_libraries(embed_sql PRIVATE calint_flags)
  add_custom_command(
    OUTPUT ${headers}
    COMMAND embed_sql ${CMAKE_SOURCE_DIR} ${folder} ${statements}
    DEPENDS embed_sql ${all}
    VERBATIM)
  set(${result} ${headers} PARENT_SCOPE)
endfunction()

# Makes a type of each text in mod_calint/pages/texts/en.json, in the header "pages/texts.h".
function(calint_embed_texts result)
  set(folder ${CMAKE_SOURCE_DIR}/mod_calint/pages)
  set(english ${folder}/texts/en.json)
  file(GLOB others CONFIGURE_DEPENDS ${folder}/texts/*.json)
  list(REMOVE_ITEM others ${english})
  set(header ${CMAKE_BINARY_DIR}/generated/pages/texts.h)
  add_executable(embed_texts cmake/embed_texts.cc ${folder}/texts_file.cc ${folder}/message.cc ${folder}/locale.cc
    mod_calint/base/json.cc mod_calint/base/text.cc mod_calint/base/utf8.cc)
  target_include_directories(embed_texts PRIVATE mod_calint)
  target_link_libraries(embed_texts PRIVATE calint_flags PkgConfig::JANSSON PkgConfig::ICU fmt::fmt)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated/pages)
  add_custom_command(
    OUTPUT ${header}
    COMMAND embed_texts ${header} ${english} ${others}
    DEPENDS embed_texts ${english} ${others}
    VERBATIM)
  set(${result} ${header} PARENT_SCOPE)
endfunction()
